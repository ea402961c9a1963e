package io.matriarch.postgres;

import io.matriarch.engine.config.HostPort;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** libpq connection strings: keys and values, written and read. */
final class ConnInfo {
    /** The order in which keys are written. */
    private static final List<String> ORDER =
            List.of(
                    "dbname",
                    "user",
                    "passfile",
                    "password",
                    "host",
                    "port",
                    "sslmode",
                    "sslcompression",
                    "sslcert",
                    "sslkey",
                    "sslpassword",
                    "sslrootcert",
                    "sslcrl",
                    "sslcrldir",
                    "application_name",
                    "krbsrvname",
                    "gssencmode",
                    "channel_binding",
                    "target_session_attrs",
                    "sslnegotiation");

    private static final Map<String, Integer> SINCE =
            Map.of("channel_binding", 13, "sslpassword", 13, "sslcrldir", 14, "sslnegotiation", 17);

    private static final Pattern URL =
            Pattern.compile("postgres(?:ql)?://(?:[^@/]*@)?([^/?]+)(?:/([^?]*))?(?:\\?.*)?");

    private ConnInfo() {}

    /** Only the keys that the version knows; values are escaped by backslash. */
    static String write(Map<String, String> values, int major) {
        StringBuilder text = new StringBuilder();
        for (String key : ORDER) {
            String value = values.get(key);
            if (value != null && major >= SINCE.getOrDefault(key, 0)) {
                text.append(text.length() == 0 ? "" : " ")
                        .append(key)
                        .append('=')
                        .append(value.isEmpty() ? "''" : value.replaceAll("(['\\\\ ])", "\\\\$1"));
            }
        }
        return text.toString();
    }

    /** Reads the key=value form; text that is none gives what could be read. */
    static Map<String, String> read(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        int i = 0;
        while (i < text.length()) {
            int equals = text.indexOf('=', i);
            if (equals < 0) {
                break;
            }
            String key = text.substring(i, equals).trim();
            StringBuilder value = new StringBuilder();
            i = value(text, equals + 1, value);
            values.put(key, value.toString());
        }
        return values;
    }

    private static int value(String text, int from, StringBuilder value) {
        int i = from;
        while (i < text.length() && text.charAt(i) == ' ') {
            i++;
        }
        boolean quoted = i < text.length() && text.charAt(i) == '\'';
        i += quoted ? 1 : 0;
        while (i < text.length() && text.charAt(i) != (quoted ? '\'' : ' ')) {
            if (text.charAt(i) == '\\' && i + 1 < text.length()) {
                i++;
            }
            value.append(text.charAt(i++));
        }
        return i + 1;
    }

    /**
     * Host, port and database of a published URL {@code postgres://host:port/database}.
     *
     * @throws IllegalArgumentException if it is no such URL
     */
    static Map<String, String> ofUrl(String url, String defaultDatabase) {
        Matcher matcher = URL.matcher(url);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + url + "\" is no connection URL");
        }
        // Not java.net.URI: it refuses host names with an underscore.
        HostPort address = HostPort.parse(matcher.group(1), 5432);
        Map<String, String> values = new LinkedHashMap<>();
        values.put("host", address.host());
        values.put("port", Integer.toString(address.port()));
        String database = matcher.group(2);
        values.put("dbname", database == null || database.isEmpty() ? defaultDatabase : database);
        return values;
    }
}
