/** Display filters: Wireshark's language on our dissection. */
export { type CompiledFilter, compileFilter } from "./compile.ts";
export { checkFilter, completeFilter } from "./complete.ts";
export { FilterError } from "./expression.ts";
export { Facts } from "./facts.ts";
export { allFields, type FieldInfo, type FieldType, fieldOf, learnField } from "./fields.ts";
