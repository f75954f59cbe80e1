export function digestOfSources(root: string): string;
export function isWebBuilt(root: string): boolean;
