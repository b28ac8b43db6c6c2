import { Base } from "./base.js";

export class Admin extends Base {}

export default class Site extends Base {}
