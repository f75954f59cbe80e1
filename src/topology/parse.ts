/**
 * Network file in, checked plain data or all its mistakes out. Three passes: YAML to a tree with positions
 * (source.ts), the tree against the schema (schema-check.ts), what the names and addresses mean (meaning/).
 */

import type { Command } from "../host/shell/command.ts";
import { commands as allCommands } from "../host/shell/index.ts";
import { services as allServices } from "../services/registry.ts";
import type { ServiceDefinition } from "../services/service.ts";
import { checkAddresses } from "./meaning/addresses.ts";
import type { NetworkDocument } from "./meaning/document.ts";
import { readExpectations } from "./meaning/expectations.ts";
import { readForwards } from "./meaning/forwards.ts";
import { checkNames, readHosts, readSwitches } from "./meaning/hosts.ts";
import { readLinks } from "./meaning/links.ts";
import { Reading } from "./meaning/reading.ts";
import { readStory } from "./meaning/story.ts";
import type { FileError, NetworkFile } from "./network-file.ts";
import { networkSchema } from "./schema.ts";
import { checkSchema } from "./schema-check.ts";
import { readSource } from "./source.ts";

export type ParseResult =
  | { readonly file: NetworkFile; readonly errors?: undefined }
  | { readonly file?: undefined; readonly errors: readonly FileError[] };

export interface ParseOptions {
  /** Services that a host may have; absent: all of Hamlet. */
  readonly services?: ReadonlyMap<string, ServiceDefinition>;
  /** Commands that a story may run; absent: all of Hamlet. */
  readonly commands?: readonly Command[];
}

/** Reads a network file; `fileName` is for its errors, which come in the order of the file. */
export function parseNetworkFile(text: string, fileName: string, options: ParseOptions = {}): ParseResult {
  const { root, errors: yamlErrors } = readSource(text, fileName);
  // What the YAML library made of broken YAML is a guess: errors from it would mislead.
  if (root === undefined || yamlErrors.length > 0) return { errors: inOrder(yamlErrors) };
  const services = options.services ?? allServices;
  const schema = networkSchema(services);
  const { value, problems, damaged } = checkSchema(root, schema);
  const errors: FileError[] = problems.map((problem) => ({ fileName, ...problem }));
  const reading = new Reading(fileName, root, damaged, options.commands ?? allCommands, services);
  const file = readMeaning(reading, (value ?? {}) as NetworkDocument);
  errors.push(...reading.errors);
  return errors.length > 0 ? { errors: inOrder(errors) } : { file };
}

function readMeaning(reading: Reading, document: NetworkDocument): NetworkFile {
  checkNames(reading, document);
  const hosts = readHosts(reading, document);
  const hostNames = hosts.map((host) => host.spec.name);
  const switches = readSwitches(document);
  const links = readLinks(reading, document, hosts, switches);
  checkAddresses(reading, hosts, switches, links);
  const { forwards, socks } = readForwards(reading, document, hostNames);
  // A link with a mistake in it is in no list of links, but has its name all the same.
  const givenNames = (document.links ?? []).flatMap((link) => link?.name ?? []);
  const linkNames = [...new Set([...givenNames, ...links.map((link) => link.name)])];
  const story = readStory(reading, document, hostNames, linkNames);
  const expectations = readExpectations(reading, document, hosts, story, linkNames);
  return {
    fileName: reading.fileName,
    name: document.name ?? "",
    description: document.description ?? "",
    seed: document.seed ?? 1,
    hosts: hosts.map((host) => host.spec),
    switches,
    links,
    forwards,
    socks,
    story,
    expectations,
  };
}

function inOrder(errors: readonly FileError[]): readonly FileError[] {
  const sorted = [...errors].sort((a, b) => a.line - b.line || a.column - b.column);
  if (sorted.length <= ERRORS_MAX) return sorted;
  const last = sorted[ERRORS_MAX - 1];
  const more = { ...last, message: `… and ${sorted.length - ERRORS_MAX} mistakes more` };
  return [...sorted.slice(0, ERRORS_MAX), more];
}

/** More mistakes than this come from one cause. */
const ERRORS_MAX = 200;
