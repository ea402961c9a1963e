package io.matriarch.conformance;

/** A fault that a plug-in could have, under the name that the tests report. */
interface Planted {
    Fault fault();
}
