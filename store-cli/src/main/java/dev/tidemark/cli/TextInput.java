package dev.tidemark.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Text from a stream of bytes that must be UTF-8, as a reader or line by line. Bytes that are not UTF-8 are an error at their
 * line, never a replacement character; a byte order mark at the start is skipped. Holds one chunk, or the longest line.
 */
final class TextInput extends Reader {
    static final int LONGEST_LINE = 64 << 20;

    private static final int CHUNK = 1 << 15;

    private final InputStream stream;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final ByteBuffer bytes = ByteBuffer.allocate(CHUNK).limit(0);
    private final CharBuffer chunk = CharBuffer.allocate(CHUNK).limit(0);
    private boolean exhausted;
    private long bytesRead;
    private long lineBreaks;
    private long lines;

    TextInput(InputStream stream) {
        this.stream = stream;
        if (fill() && chunk.get(chunk.position()) == '\uFEFF') {
            chunk.get();
        }
    }

    static String readAll(InputStream stream) {
        TextInput input = new TextInput(stream);
        StringBuilder text = new StringBuilder();
        while (input.fill()) {
            text.append(input.chunk);
            input.chunk.position(input.chunk.limit());
            checkLength(text.length(), input.lineBreaks + 1);
        }
        return text.toString();
    }

    /** How far the stream was read. */
    long bytesRead() {
        return bytesRead;
    }

    /** The number of the line that {@link #readLine} returned last, from 1. */
    long lineNumber() {
        return lines;
    }

    /** The text that comes next, without taking it: {@code length} characters at least, unless it ends before. */
    CharSequence preview(int length) {
        boolean more = true;
        while (more && chunk.remaining() < length) {
            more = decodeMore();
        }
        return chunk.asReadOnlyBuffer();
    }

    /** Returns the next line without its end, or null when there is none. */
    @Nullable
    String readLine() {
        if (!fill()) {
            return null;
        }
        StringBuilder line = new StringBuilder();
        lines++;
        while (fill()) {
            int end = lineEnd();
            line.append(chunk, 0, end - chunk.position());
            checkLength(line.length(), lines);
            boolean complete = end < chunk.limit();
            chunk.position(complete ? end + 1 : end);
            if (complete) {
                break;
            }
        }
        return line.toString();
    }

    @Override
    public int read(char[] target, int offset, int length) {
        if (!fill()) {
            return -1;
        }
        int n = Math.min(length, chunk.remaining());
        chunk.get(target, offset, n);
        return n;
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    private int lineEnd() {
        int end = chunk.position();
        while (end < chunk.limit() && chunk.get(end) != '\n') {
            end++;
        }
        return end;
    }

    private static void checkLength(int length, long line) {
        if (length > LONGEST_LINE) {
            throw InputException.atLine(line, "longer than " + LONGEST_LINE + " characters", null);
        }
    }

    /** Makes sure that the chunk has something; false at the end of the text. */
    private boolean fill() {
        boolean more = true;
        while (more && !chunk.hasRemaining()) {
            more = decodeMore();
        }
        return chunk.hasRemaining();
    }

    /** Adds to the chunk, or reads so that there is something to add; false if neither can be done before some is taken. */
    private boolean decodeMore() {
        int before = chunk.remaining();
        chunk.compact();
        CoderResult result = decoder.decode(bytes, chunk, exhausted);
        chunk.flip();
        if (chunk.remaining() > before) {
            countLines(chunk.position() + before);
            return true;
        }
        if (result.isError() && before == 0) {
            throw InputException.atLine(lineBreaks + 1, "not valid UTF-8", null);
        }
        if (result.isError() || result.isOverflow() || exhausted) {
            return false;
        }
        readBytes();
        return true;
    }

    private void countLines(int start) {
        for (int i = start; i < chunk.limit(); i++) {
            lineBreaks += chunk.get(i) == '\n' ? 1 : 0;
        }
    }

    private void readBytes() {
        bytes.compact();
        try {
            int n = stream.read(bytes.array(), bytes.position(), bytes.remaining());
            exhausted = n < 0;
            bytesRead += Math.max(0, n);
            bytes.position(bytes.position() + Math.max(0, n));
        } catch (IOException failure) {
            throw new InputException("can't read the input: " + failure.getMessage(), failure);
        } finally {
            bytes.flip();
        }
    }
}
