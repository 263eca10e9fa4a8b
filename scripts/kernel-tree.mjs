// Fetches the part of a kernel tree that the engine reads into .cache/trees/<series>: from the cache, else from Debian's
// source package (signed, needs no root), else from kernel.org (checked against its checksums). Must not depend on the engine.
// Usage: node scripts/kernel-tree.mjs [SERIES …]      without a series: KERNEL_TREE if set, else 6.12

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  closeSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { cacheDir, hasCommand, errorMessage, printStatus } from "./process.mjs";

export const defaultSeries = "6.12";

/** The part of a tree that the engine reads, about a tenth. */
const treeFolders = ["arch/powerpc", "include", "lib", "net/core", "kernel", "mm", "drivers/of", "drivers/pci", "drivers/iommu", "scripts", "Makefile"];

/**
 * @param {string} label
 * @param {number} total bytes
 */
function progressPrinter(label, total) {
  let done = 0;
  let shown = -1;
  return (/** @type {number} */ bytes) => {
    done += bytes;
    const percent = total > 0 ? Math.floor((100 * done) / total) : 0;
    const step = process.stderr.isTTY ? 1 : 25;
    if (percent < shown + step && percent !== 100) return;
    if (percent === shown) return;
    shown = percent;
    const line = `${label}: ${percent} % of ${(total / 1e6).toFixed(0)} MB`;
    process.stderr.write(process.stderr.isTTY ? `\r${line}${percent === 100 ? "\n" : ""}` : `${line}\n`);
  };
}

/**
 * @param {string} dir
 * @returns {string | undefined} the version in its Makefile, such as "6.12.117"; undefined if this is not a usable kernel tree
 */
export function treeVersion(dir) {
  const makefile = join(dir, "Makefile");
  if (!existsSync(makefile) || !existsSync(join(dir, "arch", "powerpc"))) return undefined;
  const text = readFileSync(makefile, "utf8");
  const field = (/** @type {string} */ name) => new RegExp(`^${name} *= *(\\S*)`, "m").exec(text)?.[1];
  const parts = [field("VERSION"), field("PATCHLEVEL"), field("SUBLEVEL")];
  return parts.every((part) => part !== undefined && part !== "") ? parts.join(".") : undefined;
}

/**
 * Locates a member of a Debian package, which is an ar archive with text headers of 60 bytes.
 * @param {string} file
 * @param {string} prefix of the member's name
 */
function archiveMember(file, prefix) {
  const size = statSync(file).size;
  const handle = openSync(file, "r");
  try {
    const header = Buffer.alloc(60);
    for (let at = 8; at + 60 <= size;) {
      readSync(handle, header, 0, 60, at);
      const name = header.toString("latin1", 0, 16).trim();
      const length = Number.parseInt(header.toString("latin1", 48, 58), 10);
      if (!Number.isFinite(length)) break;
      if (name.startsWith(prefix)) return { name: name.replace(/\/$/, ""), start: at + 60, length, truncated: at + 60 + length > size };
      at += 60 + length + (length % 2);
    }
  } finally {
    closeSync(handle);
  }
  return undefined;
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import("node:child_process").StdioOptions} stdio
 */
function start(command, args, stdio) {
  const child = spawn(command, [...args], { stdio });
  /** @type {Promise<void>} */
  const ended = new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new Error(`${command} did not start: ${error.message}`)));
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`${command} ${args[0] ?? ""} exited with code ${code ?? "none"}`))));
  });
  return { child, ended };
}

/**
 * Pipes `source` to tar and unpacks the tree folders of `top` into `target`, completely or not at all.
 * @param {(into: import("node:stream").Writable) => Promise<void>} source writes the compressed tar
 * @param {"xz" | "gzip"} compression
 * @param {string} top the archive's first folder
 * @param {string} target
 */
async function unpack(source, compression, top, target) {
  const temporary = `${target}.${process.pid}.tmp`;
  mkdirSync(temporary, { recursive: true });
  try {
    const members = treeFolders.map((folder) => `${top}/${folder}`);
    const tar = start("tar", [compression === "xz" ? "-xJf" : "-xzf", "-", "-C", temporary, "--strip-components=1", ...members], ["pipe", "ignore", "inherit"]);
    const { stdin } = tar.child;
    if (stdin === null) throw new Error("cannot write to tar");
    await Promise.all([source(stdin), tar.ended]);
    if (treeVersion(temporary) === undefined) throw new Error("the archive does not contain a kernel tree");
    // Another run may have unpacked the same tree meanwhile.
    if (!existsSync(target)) renameSync(temporary, target);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * @param {string} file the Debian package
 * @param {string} series
 * @param {string} target
 */
async function unpackDeb(file, series, target) {
  const data = archiveMember(file, "data.tar");
  if (data === undefined || data.truncated || !/\.(xz|gz)$/.test(data.name))
    throw new Error(`${file} is not a complete Debian package. Delete it and try again`);
  printStatus(`Unpacking ${file}`);
  const inner = `./usr/src/linux-source-${series}.tar.xz`;
  await unpack(
    async (into) => {
      const tar = start("tar", [data.name.endsWith("xz") ? "-xJOf" : "-xzOf", "-", inner], ["pipe", "pipe", "inherit"]);
      const { stdin, stdout } = tar.child;
      if (stdin === null || stdout === null) throw new Error("cannot connect to tar");
      const progress = progressPrinter("unpacked", data.length);
      const bytes = createReadStream(file, { start: data.start, end: data.start + data.length - 1 });
      bytes.on("data", (chunk) => progress(chunk.length));
      await Promise.all([pipeline(bytes, stdin), pipeline(stdout, into), tar.ended]);
    },
    "xz",
    `linux-source-${series}`,
    target,
  );
}

/**
 * @param {string} series
 * @returns {string | undefined} a Debian package in the cache
 */
function cachedDeb(series) {
  if (!existsSync(cacheDir)) return undefined;
  const names = readdirSync(cacheDir).filter((name) => name.startsWith(`linux-source-${series}_`) && name.endsWith(".deb"));
  const name = names.sort().at(-1);
  return name === undefined ? undefined : join(cacheDir, name);
}

/**
 * @param {string} series
 * @returns {string | undefined} the package's path; undefined if it cannot be downloaded on this machine
 */
function downloadDeb(series) {
  if (!hasCommand("apt-get")) return undefined;
  const name = `linux-source-${series}`;
  const temporary = join(cacheDir, `apt.${process.pid}.tmp`);
  mkdirSync(temporary, { recursive: true });
  const download = () => spawnSync("apt-get", ["download", name], { cwd: temporary, stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" });
  try {
    printStatus(`Downloading Debian package ${name} (about 150 MB)`);
    let result = download();
    if (result.status !== 0 && process.getuid?.() === 0) {
      printStatus("Refreshing the package lists");
      spawnSync("apt-get", ["update", "-q"], { stdio: "ignore" });
      result = download();
    }
    const file = readdirSync(temporary).find((entry) => entry.endsWith(".deb"));
    if (result.status !== 0 || file === undefined) {
      printStatus(`apt-get cannot download ${name}: ${result.stderr.trim().split("\n").at(-1) ?? ""}`);
      return undefined;
    }
    const cached = join(cacheDir, decodeURIComponent(file));
    renameSync(join(temporary, file), cached);
    return cached;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * @param {string} url
 * @returns {Promise<Response>}
 */
async function get(url, headers = {}) {
  try {
    return await fetch(url, { headers });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new Error(`${url} cannot be fetched: ${cause}`);
  }
}

/**
 * Downloads a file; resumes an interrupted download.
 * @param {string} url
 * @param {string} file
 */
async function downloadTo(url, file) {
  const part = `${file}.part`;
  const received = existsSync(part) ? statSync(part).size : 0;
  const response = await get(url, received > 0 ? { Range: `bytes=${received}-` } : {});
  if (response.status === 416) return renameSync(part, file); // already complete
  if (!response.ok || response.body === null) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  const resumed = response.status === 206;
  const remaining = Number(response.headers.get("content-length") ?? 0);
  const progress = progressPrinter(url, remaining + (resumed ? received : 0));
  if (resumed) progress(received);
  const bytes = Readable.fromWeb(/** @type {import("node:stream/web").ReadableStream} */ (response.body));
  bytes.on("data", (chunk) => progress(chunk.length));
  await pipeline(bytes, createWriteStream(part, { flags: resumed ? "a" : "w" }));
  renameSync(part, file);
}

/** @param {string} series */
async function newestRelease(series) {
  const response = await get("https://www.kernel.org/releases.json");
  /** @type {unknown} */
  const body = response.ok ? await response.json() : undefined;
  const releases = typeof body === "object" && body !== null && "releases" in body && Array.isArray(body.releases) ? body.releases : [];
  const versions = releases.map((/** @type {{ version?: unknown }} */ release) => String(release.version));
  return versions.find((version) => version === series || version.startsWith(`${series}.`)) ?? series;
}

/**
 * @param {string} url of the published checksums
 * @param {string} file
 * @param {string} name of the file in that list
 */
async function verifyChecksum(url, file, name) {
  const sums = await (await get(url)).text();
  const expected = sums
    .split("\n")
    .find((line) => line.endsWith(`  ${name}`))
    ?.split(" ")[0];
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  if (hash.digest("hex") === expected) return;
  rmSync(file);
  throw new Error(
    expected === undefined ? `${url} does not list ${name}` : `${name} is damaged: its SHA-256 differs from the published one. It was deleted; try again.`,
  );
}

/**
 * @param {string} series
 * @param {string} target
 */
async function fromKernelOrg(series, target) {
  const version = await newestRelease(series);
  const compression = hasCommand("xz") ? "xz" : "gzip";
  const name = `linux-${version}.tar.${compression === "xz" ? "xz" : "gz"}`;
  const folder = `https://cdn.kernel.org/pub/linux/kernel/v${series.split(".")[0] ?? ""}.x`;
  const file = join(cacheDir, name);
  mkdirSync(cacheDir, { recursive: true });
  if (!existsSync(file)) {
    await downloadTo(`${folder}/${name}`, file);
    await verifyChecksum(`${folder}/sha256sums.asc`, file, name);
  }
  printStatus(`Unpacking ${file}`);
  await unpack((into) => pipeline(createReadStream(file), into), compression, `linux-${version}`, target);
}

/**
 * @param {string} series such as "6.12"
 * @returns {Promise<string>} the tree's absolute path
 */
export async function kernelTree(series) {
  if (!/^\d+\.\d+$/.test(series)) throw new Error(`'${series}' is not a kernel series. Use the form 6.12.`);
  const target = join(cacheDir, "trees", series);
  if (treeVersion(target) !== undefined) return target;
  rmSync(target, { recursive: true, force: true }); // incomplete or not a tree
  mkdirSync(join(cacheDir, "trees"), { recursive: true });
  if (!hasCommand("tar")) throw new Error("tar is not installed. It is needed to unpack the kernel tree.");
  const deb = hasCommand("xz") ? (cachedDeb(series) ?? downloadDeb(series)) : undefined;
  if (deb !== undefined) {
    await unpackDeb(deb, series, target);
    return target;
  }
  try {
    await fromKernelOrg(series, target);
  } catch (error) {
    throw new Error(`Cannot fetch kernel tree ${series}: ${errorMessage(error)}. To use your own tree, set KERNEL_TREE to its folder.`);
  }
  return target;
}

/**
 * The tree to open: KERNEL_TREE if set, else the default series.
 * @returns {Promise<string>} absolute path
 */
export async function chosenTree() {
  const own = process.env["KERNEL_TREE"];
  if (own === undefined || own === "") return kernelTree(defaultSeries);
  const dir = resolve(own);
  if (treeVersion(dir) === undefined)
    throw new Error(`KERNEL_TREE=${own} is not a Linux tree with arch/powerpc (no Makefile with a VERSION, or no arch/powerpc).`);
  return dir;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const series = process.argv.slice(2);
  try {
    const trees = series.length === 0 ? [await chosenTree()] : [];
    for (const name of series) trees.push(await kernelTree(name));
    for (const tree of trees) console.log(`${tree}: Linux ${treeVersion(tree) ?? "?"}`);
  } catch (error) {
    printStatus(errorMessage(error));
    process.exitCode = 1;
  }
}
