// An issue by Node's `jira.js`: node issue.mjs http://127.0.0.1:8082 user token "Disk full"

import { createRequire } from "node:module";

const { Version2Client } = createRequire(`${process.env.NODE_PROJECT ?? process.cwd()}/`)("jira.js");
const [host, email, apiToken, summary] = process.argv.slice(2);
const jira = new Version2Client({ host, authentication: { basic: { email, apiToken } }, baseRequestConfig: { timeout: 70_000 } });
const fields = { project: { key: "OPS" }, issuetype: { name: "Task" }, summary };
console.log((await jira.issues.createIssue({ fields })).key);
