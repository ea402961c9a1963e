package io.matriarch.engine.config;

import java.util.Optional;

/**
 * How the ctl and the daemon call REST servers; falls back to the restapi section where that says
 * so.
 */
public record CtlConfig(
        boolean insecure,
        Optional<String> caCert,
        Optional<String> certFile,
        Optional<String> keyFile,
        Optional<String> keyFilePassword,
        Optional<String> username,
        Optional<String> password) {
    @Override
    public String toString() {
        return "CtlConfig[insecure=" + insecure + "]";
    }
}
