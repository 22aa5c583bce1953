// Stands in for the package whatwg-url, which the MongoDB driver uses to read connection strings. Node has the same
// classes, and the tables of the package take as long to load as a fifth of the driver.
const { URL, URLSearchParams } = require('node:url');

module.exports = { URL, URLSearchParams };
