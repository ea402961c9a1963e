/** What a run of the kit found, as files for people and for machines. */
package io.matriarch.conformance.report;
