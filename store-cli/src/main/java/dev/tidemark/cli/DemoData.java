package dev.tidemark.cli;

import java.io.InputStream;

/** The data set of the demo: the countries, currencies and time zones of the world, as a JDK knows them. */
final class DemoData {
    private static final String RESOURCE = "world.ndjson";

    private DemoData() {}

    static TextInput open() {
        InputStream stream = DemoData.class.getResourceAsStream(RESOURCE);
        if (stream == null) {
            throw new IllegalStateException("this program was built without " + RESOURCE);
        }
        return new TextInput(stream);
    }

    /** Prints it, or one kind of it, for import to read. */
    static void print(String kind, Output out) {
        TextInput data = open();
        String start = "{\"kind\":" + (kind.isEmpty() ? "\"" : Json.text(kind) + ",");
        int printed = 0;
        for (String line = data.readLine(); line != null; line = data.readLine()) {
            if (line.startsWith(start)) {
                out.line(line);
                printed++;
            }
        }
        if (printed == 0) {
            throw new InputException(
                    "the data set has no kind " + Json.text(kind) + "; it has countries, currencies and timezones");
        }
    }
}
