package io.matriarch.engine.config;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * YAML 1.1 as the peer's parser reads it: booleans by word, octal and base 60 numbers, floats only
 * with a dot, dates as text, the last of two equal keys.
 *
 * @param value what the text holds; null for an empty text
 * @param places dotted path of each key to {@code file:line}
 * @param warnings keys that are there twice
 */
record YamlText(Object value, Map<String, String> places, List<String> warnings) {
    /**
     * @param source what messages call the text: a file, or a variable
     * @throws ConfigException if the text is no YAML
     */
    static YamlText parse(String source, String text) {
        try {
            Map<String, String> places = new HashMap<>();
            List<String> warnings = new ArrayList<>();
            Node root = yaml().compose(new StringReader(text));
            if (root != null) {
                new Walk(source, places, warnings).visit("", root, new HashSet<>());
            }
            return new YamlText(yaml().load(text), places, warnings);
        } catch (MarkedYAMLException e) {
            throw new ConfigException(sentence(source, e), e);
        } catch (YAMLException e) {
            throw new ConfigException(
                    source + " cannot be read as YAML: " + firstLine(e.getMessage()), e);
        }
    }

    private static String sentence(String source, MarkedYAMLException e) {
        String place =
                e.getProblemMark() == null
                        ? source
                        : source
                                + ", line "
                                + (e.getProblemMark().getLine() + 1)
                                + ", column "
                                + (e.getProblemMark().getColumn() + 1);
        return place + ": not valid YAML: " + firstLine(e.getProblem()) + "; correct the file";
    }

    private static String firstLine(String text) {
        return text == null ? "unreadable" : text.lines().findFirst().orElse("unreadable");
    }

    private static Yaml yaml() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(true);
        options.setWarnOnDuplicateKeys(false);
        options.setMaxAliasesForCollections(1000);
        DumperOptions unused = new DumperOptions();
        return new Yaml(
                new SafeConstructor(options),
                new Representer(unused),
                unused,
                options,
                new PeerResolver());
    }

    /** Finds the place of each key, keys that are there twice, and structures without an end. */
    private record Walk(String source, Map<String, String> places, List<String> warnings) {
        void visit(String path, Node node, Set<Node> above) {
            if (!(node instanceof CollectionNode)) {
                return;
            }
            if (!above.add(node)) {
                throw new ConfigException(
                        place(node) + ": an alias refers to a value that contains it; remove it");
            }
            if (node instanceof MappingNode mapping) {
                mapping(path, mapping, above);
            } else if (node instanceof SequenceNode sequence) {
                sequence.getValue().forEach(item -> visit(path, item, above));
            }
            above.remove(node);
        }

        private void mapping(String path, MappingNode mapping, Set<Node> above) {
            Set<String> seen = new HashSet<>();
            for (NodeTuple tuple : mapping.getValue()) {
                if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                    continue;
                }
                boolean merge = key.getTag().equals(Tag.MERGE);
                String name =
                        merge || path.isEmpty() ? key.getValue() : path + "." + key.getValue();
                if (merge) {
                    visit(path, tuple.getValueNode(), above);
                    continue;
                }
                if (!seen.add(key.getValue())) {
                    warnings.add(place(key) + ": " + name + " is there twice; the last one counts");
                }
                places.put(name, place(key));
                visit(name, tuple.getValueNode(), above);
            }
        }

        private String place(Node node) {
            return source + ":" + (node.getStartMark().getLine() + 1);
        }
    }

    /** SnakeYAML's scalars, less its dates and its floats without a dot. */
    private static final class PeerResolver extends Resolver {
        private static final Pattern PEER_FLOAT =
                Pattern.compile(
                        "[-+]?[0-9][0-9_]*\\.[0-9_]*(?:[eE][-+][0-9]+)?"
                                + "|\\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?"
                                + "|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\\.[0-9_]*"
                                + "|[-+]?\\.(?:inf|Inf|INF)"
                                + "|\\.(?:nan|NaN|NAN)");

        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.BOOL, BOOL, "yYnNtTfFoO", 10);
            addImplicitResolver(Tag.INT, INT, "-+0123456789");
            addImplicitResolver(Tag.FLOAT, PEER_FLOAT, "-+0123456789.");
            addImplicitResolver(Tag.MERGE, MERGE, "<", 10);
            addImplicitResolver(Tag.NULL, NULL, "~nN\0", 10);
            addImplicitResolver(Tag.NULL, EMPTY, null, 10);
        }
    }
}
