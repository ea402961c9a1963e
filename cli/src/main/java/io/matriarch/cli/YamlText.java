package io.matriarch.cli;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** YAML as the tool prints and reads it: keys sorted, YAML 1.1 scalars, unicode as it is. */
final class YamlText {
    private static final int WIDTH = 200;

    private YamlText() {}

    /** Block style, ending with a line end. */
    static String block(Object value) {
        DumperOptions options = options();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(WIDTH);
        return dump(value, options);
    }

    /** One line, without a line end: a fold inside it would break a row of a table. */
    static String flow(Object value) {
        DumperOptions options = options();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.FLOW);
        options.setWidth(Integer.MAX_VALUE);
        options.setSplitLines(false);
        return dump(value, options).strip();
    }

    /**
     * @return scalars, lists and maps; null for an empty document
     * @throws YAMLException if the text is no YAML
     */
    static Object parse(String text) {
        DumperOptions unused = new DumperOptions();
        LoaderOptions options = new LoaderOptions();
        return new Yaml(
                        new SafeConstructor(options),
                        new Representer(unused),
                        unused,
                        options,
                        new WithoutDates())
                .load(text);
    }

    /**
     * @param source for the message: a file name, or what the text is
     * @throws CtlError if the text is no YAML or no mapping
     */
    static Map<String, Object> parseMapping(String text, String source) {
        Object value;
        try {
            value = parse(text);
        } catch (YAMLException e) {
            throw new CtlError(source + " is no usable YAML: " + oneLine(e.getMessage()), e);
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new CtlError(source + " must be a YAML mapping");
        }
        return textKeys(map);
    }

    static String oneLine(String message) {
        return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", ", ");
    }

    private static DumperOptions options() {
        DumperOptions options = new DumperOptions();
        options.setAllowUnicode(true);
        return options;
    }

    private static String dump(Object value, DumperOptions options) {
        return new Yaml(new SafeConstructor(new LoaderOptions()), new Representer(options), options)
                .dump(sorted(value));
    }

    /** A copy with sorted keys; copies also keep the dumper from printing anchors. */
    private static Object sorted(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new TreeMap<>();
            map.forEach((key, item) -> copy.put(String.valueOf(key), sorted(item)));
            return copy;
        }
        if (value instanceof List<?> list) {
            return list.stream()
                    .map(YamlText::sorted)
                    .collect(java.util.stream.Collectors.toList());
        }
        return value;
    }

    private static Map<String, Object> textKeys(Map<?, ?> map) {
        Map<String, Object> copy = new java.util.LinkedHashMap<>();
        map.forEach((key, item) -> copy.put(String.valueOf(key), withTextKeys(item)));
        return copy;
    }

    private static Object withTextKeys(Object value) {
        if (value instanceof Map<?, ?> map) {
            return textKeys(map);
        }
        if (value instanceof List<?> list) {
            List<Object> copy = new java.util.ArrayList<>();
            list.forEach(item -> copy.add(withTextKeys(item)));
            return copy;
        }
        return value;
    }

    /** A date stays text: JSON, in which the document is stored, has none. */
    private static final class WithoutDates extends Resolver {
        @Override
        public void addImplicitResolver(Tag tag, Pattern regexp, String first, int limit) {
            if (!tag.equals(Tag.TIMESTAMP)) {
                super.addImplicitResolver(tag, regexp, first, limit);
            }
        }
    }
}
