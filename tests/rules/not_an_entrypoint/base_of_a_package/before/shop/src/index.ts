import { Base } from "@acme/shop";

export default class Shop extends Base {}
