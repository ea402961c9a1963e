package io.matriarch.engine.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What makes a new cluster.
 *
 * @param dcs the first dynamic configuration
 * @param method {@code initdb} or the name of a custom method
 * @param methodSection the custom method's section, in file order
 * @param initdb options as command-line words ({@code --encoding=UTF8}), already checked
 * @param pgHba lines appended once
 * @param postBootstrap script run after the first start
 */
public record BootstrapConfig(
        Map<String, Object> dcs,
        String method,
        Map<String, Object> methodSection,
        List<String> initdb,
        List<String> pgHba,
        Optional<String> postBootstrap) {}
