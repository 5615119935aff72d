package dev.tidemark.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations as people write them, {@code 500ms}, {@code 5s}, {@code 1m}, and as ISO 8601 does, {@code PT5S}. */
final class Durations implements ITypeConverter<Duration> {
    private static final Pattern SIMPLE = Pattern.compile("(\\d{1,12})(ms|s|m|h)");

    @Override
    public Duration convert(String text) {
        Matcher simple = SIMPLE.matcher(text);
        if (simple.matches()) {
            return positive(text, simple(Long.parseLong(simple.group(1)), simple.group(2)));
        }
        try {
            return positive(text, Duration.parse(text.toUpperCase(Locale.ROOT)));
        } catch (DateTimeParseException notIso) {
            throw refusal(text);
        }
    }

    private static Duration simple(long amount, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    private static Duration positive(String text, Duration duration) {
        if (duration.compareTo(Duration.ofMillis(1)) < 0 || duration.compareTo(Duration.ofDays(36_500)) > 0) {
            throw refusal(text);
        }
        return duration;
    }

    private static TypeConversionException refusal(String text) {
        return new TypeConversionException("'" + text + "' is no positive duration; write 500ms, 5s, 1m or PT5S");
    }
}
