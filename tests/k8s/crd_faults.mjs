// Reads a JSON list of custom resources from stdin, prints the JSON list of what their schemas have against them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const modules = process.argv[2];
const load = (path) => import(pathToFileURL(join(modules, "@kubernetes-models", path)).href);
const models = {
  "monitoring.coreos.com/v1": await load("prometheus-operator/monitoring.coreos.com/v1/index.js"),
  "cert-manager.io/v1": await load("cert-manager/cert-manager.io/v1/index.js"),
};

const faults = [];
for (const document of JSON.parse(readFileSync(0, "utf8"))) {
  const Model = models[document.apiVersion]?.[document.kind];
  if (!Model) {
    faults.push(`${document.apiVersion} ${document.kind} is not known`);
    continue;
  }
  try {
    new Model(document).validate();
  } catch (error) {
    faults.push(`${document.kind} ${document.metadata?.name}: ${error.message}`);
  }
}
process.stdout.write(JSON.stringify(faults));
