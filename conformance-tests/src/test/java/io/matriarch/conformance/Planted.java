package io.matriarch.conformance;

import io.matriarch.spi.Dcs;
import java.util.Set;

/** A fault that a plug-in could have. */
interface Planted {
    /** The ids of the rules that it breaks, and of no others. */
    Set<String> broken();

    /** A client that has the fault. */
    Dcs plant(Wrapped.Sound sound);
}
