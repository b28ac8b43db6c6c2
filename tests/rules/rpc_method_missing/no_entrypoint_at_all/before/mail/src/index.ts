export default class Mail {}
