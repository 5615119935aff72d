package dev.tidemark.store.postgres.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lines that survive the process: each is handed to the operating system before the writer goes on. For one thread. */
final class Recorder implements AutoCloseable {
    private final FileChannel channel;

    Recorder(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.position(completeLines(file));
        channel.truncate(channel.position());
    }

    /** A process that is killed may leave the beginning of a line. */
    private static long completeLines(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] != '\n') {
            length--;
        }
        return length;
    }

    void line(String... fields) {
        ByteBuffer bytes = ByteBuffer.wrap((String.join("\t", fields) + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** The fields of each line; without the last when its end is missing. */
    static List<String[]> read(Path file) throws IOException {
        return lines(Files.readString(file));
    }

    /** As above, of a part of the file; the first line may lack its beginning. */
    static List<String[]> read(Path file, long from, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(length);
            channel.position(from);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
            return lines(new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8));
        }
    }

    private static List<String[]> lines(String text) {
        List<String[]> lines = new ArrayList<>();
        int start = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
            lines.add(text.substring(start, end).split("\t", -1));
            start = end + 1;
        }
        return lines;
    }

    /** The calls that a writer's file holds; those without an end are of unknown outcome. */
    static List<Call> calls(Path file) throws IOException {
        Map<String, Call> calls = new LinkedHashMap<>();
        for (String[] fields : read(file)) {
            if (fields[0].equals("I")) {
                Call call = Call.ofLine(fields);
                calls.put(call.id(), call);
            } else {
                calls.computeIfPresent(fields[1], (id, call) -> call.endedByLine(fields));
            }
        }
        return List.copyOf(calls.values());
    }
}
