export default { async tail() {} };
