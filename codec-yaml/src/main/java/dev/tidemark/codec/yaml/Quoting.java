package dev.tidemark.codec.yaml;

import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import java.util.regex.Pattern;

/**
 * Quotes every string but plain words. Left to itself Jackson writes keys without quotes that YAML reads as something else,
 * say one that starts with {@code "? "} or a byte order mark.
 */
final class Quoting extends StringQuotingChecker {
    private static final long serialVersionUID = 1L;

    private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,99}");

    @Override
    public boolean needToQuoteName(String name) {
        return !WORD.matcher(name).matches() || isReservedKeyword(name);
    }

    @Override
    public boolean needToQuoteValue(String value) {
        return needToQuoteName(value);
    }
}
