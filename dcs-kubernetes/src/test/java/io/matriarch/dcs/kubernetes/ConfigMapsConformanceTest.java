package io.matriarch.dcs.kubernetes;

/** Entries in ConfigMaps, the default. */
class ConfigMapsConformanceTest extends KubernetesConformance {
    ConfigMapsConformanceTest() {
        super(false);
    }
}
