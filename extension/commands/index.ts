// The commands of the palette.
// Must not hold state: a review does.

export { Commands } from "./commands.js";
export { exampleCommand } from "./example.js";
