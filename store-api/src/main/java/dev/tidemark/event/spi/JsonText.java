package dev.tidemark.event.spi;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The little JSON that engines need: an object of strings for metadata, and lists of strings for parameters of statements.
 *
 * @since 0.1
 */
public final class JsonText {
    private final String text;
    private int at;

    private JsonText(String text) {
        this.text = text;
    }

    /** Returns an object of strings, in the order of the map. */
    public static String object(Map<String, String> members) {
        StringJoiner object = new StringJoiner(",", "{", "}");
        members.forEach((name, value) -> object.add(string(name) + ":" + string(value)));
        return object.toString();
    }

    /** Returns a list of strings. */
    public static String array(Collection<String> elements) {
        StringJoiner array = new StringJoiner(",", "[", "]");
        elements.forEach(element -> array.add(string(element)));
        return array.toString();
    }

    /** Returns a string with its quotes. */
    public static String string(String value) {
        StringBuilder json = new StringBuilder(value.length() + 2).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    /**
     * Returns the members of an object. A value that is not a string, which somebody else must have written, comes as its JSON text; a
     * null is left out.
     *
     * @throws IllegalArgumentException if the text is no JSON object
     */
    public static Map<String, String> members(String object) {
        return new JsonText(object).members();
    }

    private Map<String, String> members() {
        Map<String, String> members = new LinkedHashMap<>();
        expect('{');
        if (!skip('}')) {
            do {
                String name = string();
                expect(':');
                boolean quoted = next() == '"';
                String value = value();
                if (quoted || !value.equals("null")) {
                    members.put(name, value);
                }
            } while (skip(','));
            expect('}');
        }
        if (next() != 0) {
            throw unexpected();
        }
        return members;
    }

    private String value() {
        if (next() == '"') {
            return string();
        }
        int start = at;
        int depth = 0;
        while (depth > 0 || (next() != ',' && next() != '}')) {
            switch (next()) {
                case 0 -> throw unexpected();
                case '"' -> string();
                case '{', '[' -> {
                    depth++;
                    at++;
                }
                case '}', ']' -> {
                    depth--;
                    at++;
                }
                default -> at++;
            }
        }
        if (at == start) {
            throw unexpected();
        }
        return text.substring(start, at).strip();
    }

    private String string() {
        expect('"');
        int start = at;
        while (peek() != '"' && peek() != '\\' && peek() != 0) {
            at++;
        }
        String plain = text.substring(start, at);
        return skip('"') ? plain : unescaped(new StringBuilder(plain));
    }

    /** Adds the rest of a string, from its first escape on. */
    private String unescaped(StringBuilder value) {
        while (peek() != '"') {
            if (peek() == 0) {
                throw unexpected();
            }
            value.append(peek() == '\\' ? escaped() : text.charAt(at++));
        }
        at++;
        return value.toString();
    }

    private char escaped() {
        at++;
        char escaped = peek();
        at++;
        return switch (escaped) {
            case '"', '\\', '/' -> escaped;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw unexpected();
        };
    }

    private char unicode() {
        if (at + 4 > text.length()) {
            throw unexpected();
        }
        at += 4;
        return (char) Integer.parseInt(text.substring(at - 4, at), 16);
    }

    private void expect(char wanted) {
        if (!skip(wanted)) {
            throw unexpected();
        }
    }

    private boolean skip(char wanted) {
        boolean found = next() == wanted;
        if (found) {
            at++;
        }
        return found;
    }

    /** The next character that is no white space; 0 at the end. */
    private char next() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return peek();
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private IllegalArgumentException unexpected() {
        return new IllegalArgumentException("not a JSON object, at character " + at);
    }
}
