package io.matriarch.cli;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option for how a table is printed. */
final class OutputFormat {
    @Option(
            names = {"-f", "--format"},
            paramLabel = "pretty|tsv|json|yaml|yml",
            converter = Word.class,
            description = "Output format.")
    private Format format = Format.PRETTY;

    Format format() {
        return format;
    }

    /** The words of the option, in lower case only. */
    static final class Word implements ITypeConverter<Format> {
        private static final List<String> WORDS = List.of("pretty", "tsv", "json", "yaml", "yml");

        @Override
        public Format convert(String word) {
            if (!WORDS.contains(word)) {
                throw new TypeConversionException(
                        "'" + word + "' is not one of '" + String.join("', '", WORDS) + "'.");
            }
            return Format.valueOf(word.toUpperCase(Locale.ROOT));
        }
    }
}
