// Reasons that several scenarios share for what is expected of a tree.

export const FREED = "the detach frees the table while TCEs are still mapped; the late unmap clears bits in its vfree'd map";
export const WAITED = "the patch's wait loop keeps the table until the last unmap";
