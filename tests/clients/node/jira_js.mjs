// Node's `jira.js`: take every step that the table knows, and print each one's result or exception.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [modules, host, file] = process.argv.slice(2);
const { Version2Client } = createRequire(`${modules}/`)("jira.js");
const client = (apiToken) => new Version2Client({ host, authentication: { basic: { email: "abel", apiToken } } });
const jira = client("right");
const fields = (key, summary, more) => ({ fields: { project: { key }, issuetype: { name: "Task" }, summary, ...more } });
const fingerprint = (content) =>
  `${content.length} bytes, sha256 ${createHash("sha256").update(content).digest("hex")}`;
const search = (more) =>
  jira.issueSearch.searchForIssuesUsingJqlEnhancedSearch({
    jql: 'project = "SUP" AND labels = "paged" ORDER BY created ASC', fields: ["summary"], ...more,
  });
const { key } = await jira.issues.createIssue(fields("OPS", "Disk full"));
const read = async () => (await jira.issues.getIssue({ issueIdOrKey: key })).fields;

async function page() {
  for (let number = 0; number < 5; number += 1) {
    await jira.issues.createIssue(fields("SUP", `${number}`, { labels: ["paged"] }));
  }
  const pages = [];
  let nextPageToken;
  do {
    const found = await search({ maxResults: 2, nextPageToken });
    pages.push(found.issues.map((issue) => issue.key));
    nextPageToken = found.nextPageToken;
  } while (nextPageToken);
  return pages;
}

async function upload() {
  const attachment = { filename: "core.dump", file: readFileSync(file) };
  const [kept] = await jira.issueAttachments.addAttachment({ issueIdOrKey: key, attachment });
  return [kept.size, fingerprint(attachment.file)];
}

async function download() {
  const [{ id }] = (await read()).attachment;
  return fingerprint(Buffer.from(await jira.issueAttachments.getAttachmentContent({ id })));
}

const steps = {
  connect: async () => (await jira.serverInfo.getServerInfo()).deploymentType,
  create: async () => key,
  read: async () => (await read()).summary,
  update: async () => {
    await jira.issues.editIssue({ issueIdOrKey: key, fields: { summary: "Disk full on db-7" } });
    return (await read()).summary;
  },
  page,
  search: async () => (await search({})).issues.map((issue) => issue.key),
  comment: async () => (await jira.issueComments.addComment({ issueIdOrKey: key, comment: "Looking into it" })).body,
  upload,
  download,
  delete: async () => (await jira.issues.deleteIssue({ issueIdOrKey: key })) ?? null,
  400: () => jira.issues.createIssue(fields("OPS", "x", { priority: 7 })),
  401: () => client("wrong").myself.getCurrentUser(),
  404: () => jira.issues.getIssue({ issueIdOrKey: "OPS-4711" }),
  429: () => jira.issues.getIssue({ issueIdOrKey: "OPS-429" }),
};
const told = {};
for (const [name, step] of Object.entries(steps)) {
  try {
    told[name] = { result: await step() };
  } catch (error) {
    const { status, response, message } = error;
    told[name] = { exception: error.constructor.name, text: JSON.stringify([message, status, response?.data ?? response]) };
  }
}
console.log(JSON.stringify(told));
