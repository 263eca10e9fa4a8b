// The editor's commands. To add a command, add its file and a line in list.ts, and contribute it in package.json.
// Must not hold state: the services do.

export { registerCommands } from "./register.js";
