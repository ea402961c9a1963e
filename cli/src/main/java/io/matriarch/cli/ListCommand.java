package io.matriarch.cli;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(name = "list", description = "List the members of clusters.")
final class ListCommand extends CtlCommand {
    @Parameters(arity = "0..*", paramLabel = "CLUSTERS", description = "Names of clusters.")
    private List<String> clusters = List.of();

    @Option(
            names = {"-e", "--extended"},
            description = "Show all columns.")
    private boolean extended;

    @Option(
            names = {"-t", "--timestamp"},
            description = "Print the time first.")
    private boolean timestamp;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "pretty|tsv|json|yaml|yml",
            converter = FormatName.class,
            description = "Output format.")
    private Format format = Format.PRETTY;

    @Mixin private Watching watching;

    @Override
    Verdict act() throws InterruptedException {
        Listings listings = new Listings(surroundings(), options(), clusters);
        return watching.repeat(surroundings(), () -> listings.print(format, extended, timestamp));
    }

    /** The words of the option, in lower case only. */
    static final class FormatName implements picocli.CommandLine.ITypeConverter<Format> {
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
