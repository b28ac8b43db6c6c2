import { methods } from "@acme/mail";

export default { ...methods };
