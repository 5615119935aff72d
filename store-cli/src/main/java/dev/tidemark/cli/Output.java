package dev.tidemark.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** Lines of UTF-8 for machines. Unlike a {@link java.io.PrintStream} it does not go on writing when nobody reads any more. */
final class Output {
    private final Writer writer;

    Output(OutputStream stream) {
        this.writer = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), 1 << 16);
    }

    void line(String text) {
        try {
            writer.write(text);
            writer.write('\n');
        } catch (IOException failure) {
            throw new OutputException(failure);
        }
    }

    void flush() {
        try {
            writer.flush();
        } catch (IOException failure) {
            throw new OutputException(failure);
        }
    }
}
