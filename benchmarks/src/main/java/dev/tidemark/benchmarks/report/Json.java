package dev.tidemark.benchmarks.report;

import java.util.List;
import java.util.Map;

/** Writes maps, lists, texts and numbers as JSON. */
final class Json {
    private final StringBuilder text = new StringBuilder();

    private Json() {}

    static String of(Object value) {
        Json json = new Json();
        json.write(value, "\n");
        return json.text.append('\n').toString();
    }

    private void write(Object value, String indent) {
        if (value instanceof Map<?, ?> map) {
            writeMap(map, indent);
        } else if (value instanceof List<?> list) {
            writeList(list, indent);
        } else if (value instanceof Double number && !Double.isFinite(number)) {
            text.append("null");
        } else if (value instanceof Number || value instanceof Boolean) {
            text.append(value);
        } else {
            writeText(value.toString());
        }
    }

    private void writeMap(Map<?, ?> map, String indent) {
        String separator = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            text.append(separator).append(indent).append("  ");
            writeText(String.valueOf(entry.getKey()));
            text.append(": ");
            write(entry.getValue(), indent + "  ");
            separator = ",";
        }
        text.append(map.isEmpty() ? "{" : indent).append('}');
    }

    private void writeList(List<?> list, String indent) {
        String separator = "[";
        for (Object value : list) {
            text.append(separator).append(indent).append("  ");
            write(value, indent + "  ");
            separator = ",";
        }
        text.append(list.isEmpty() ? "[" : indent).append(']');
    }

    private void writeText(String value) {
        text.append('"');
        value.chars().forEach(this::writeChar);
        text.append('"');
    }

    private void writeChar(int character) {
        if (character == '"' || character == '\\') {
            text.append('\\').append((char) character);
        } else if (character < ' ') {
            text.append(String.format("\\u%04x", character));
        } else {
            text.append((char) character);
        }
    }
}
