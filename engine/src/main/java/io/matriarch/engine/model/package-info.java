/**
 * What the keys of a cluster say: records and enums only, no behaviour that needs a clock, a file
 * or a parser.
 */
package io.matriarch.engine.model;
