package io.matriarch.conformance;

import java.util.Arrays;
import java.util.stream.Stream;

/** Every fault that is planted under the kit. Those of histories are planted in virtual time. */
final class Plants {
    private Plants() {}

    static Stream<Planted> all() {
        return Stream.<Planted[]>of(
                        OutcomeFault.values(),
                        CallFault.values(),
                        LeaseFault.values(),
                        ValidityFault.values(),
                        SessionFault.values(),
                        EntryFault.values(),
                        WatchFault.values())
                .flatMap(Arrays::stream);
    }
}
