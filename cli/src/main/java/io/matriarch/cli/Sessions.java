package io.matriarch.cli;

import java.util.List;
import java.util.Optional;

/** Opens clusters as the configuration says. Opening does not wait for the store. */
interface Sessions {
    /**
     * @param cluster empty for the one that the configuration names
     * @throws CtlError if no cluster is named or the configuration is unusable
     */
    CtlSession open(GlobalOptions options, Optional<String> cluster);

    /** The cluster that the configuration names, if any. */
    List<String> configured(GlobalOptions options);
}
