package io.matriarch.engine.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the sections {@code restapi} and {@code ctl}. */
final class RestSections {
    private static final int PORT = 8008;

    private RestSections() {}

    /** Of {@code authentication}, or of the older {@code auth: user:password}. */
    private record Login(Optional<String> username, Optional<String> password) {}

    static RestApiConfig restapi(YamlSection section) {
        HostPort listen = listen(section);
        Login login = login(section);
        Optional<String> certificate = section.text("certfile");
        Map<String, String> headers = new LinkedHashMap<>(section.texts("http_extra_headers"));
        if (certificate.isPresent()) {
            headers.putAll(section.texts("https_extra_headers"));
        }
        return new RestApiConfig(
                listen,
                section.hostPort("connect_address", PORT).orElse(listen),
                login.username,
                login.password,
                certificate,
                section.text("keyfile"),
                section.text("keyfile_password"),
                section.text("cafile"),
                section.text("ciphers"),
                section.word("verify_client", "none", List.of("none", "optional", "required")),
                section.list("allowlist"),
                section.flag("allowlist_include_members", false),
                headers,
                section.text("server_tokens").orElse("original"));
    }

    /** An empty host means every address. */
    private static HostPort listen(YamlSection section) {
        String text =
                section.text("listen").orElseThrow(() -> section.missing("listen", "host:port"));
        try {
            if (!text.contains(":")) {
                throw new IllegalArgumentException("no port");
            }
            return HostPort.parse(text.startsWith(":") ? "*" + text : text, PORT);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    "Invalid \"restapi\" config: expected <HOST>:<PORT> for \"listen\", but got \""
                            + text
                            + "\"",
                    e);
        }
    }

    static CtlConfig ctl(YamlSection ctl, YamlSection restapi) {
        Login own = login(ctl);
        Login login = own.username.isPresent() ? own : login(restapi);
        return new CtlConfig(
                ctl.flag("insecure", false),
                ctl.text("cacert").or(() -> restapi.text("cafile")),
                ctl.text("certfile"),
                ctl.text("keyfile"),
                ctl.text("keyfile_password"),
                login.username,
                login.password);
    }

    private static Login login(YamlSection section) {
        YamlSection authentication = section.section("authentication");
        Optional<String> username = authentication.text("username");
        Optional<String> password = authentication.text("password");
        if (username.isPresent() != password.isPresent()) {
            throw new ConfigException(
                    section.place("authentication")
                            + ": "
                            + section.pathOf("authentication")
                            + " needs both username and password; add the missing one");
        }
        Optional<String> pair = section.text("auth").filter(text -> text.contains(":"));
        if (username.isEmpty() && pair.isPresent()) {
            int colon = pair.get().indexOf(':');
            return new Login(
                    Optional.of(pair.get().substring(0, colon)),
                    Optional.of(pair.get().substring(colon + 1)));
        }
        return new Login(username, password);
    }
}
