package dev.tidemark.store.postgres.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What has happened since a moment, thread by thread, as the records tell. */
final class Progress {
    private final Map<Path, Long> sizes = new HashMap<>();

    Progress(List<Child> children) {
        children.forEach(child -> child.records().forEach(file -> sizes.put(file, Child.size(file))));
    }

    /** The record of a thread that has not succeeded since; null when all have. */
    String stuck() {
        for (Path file : sizes.keySet()) {
            boolean moved = isCalls(file)
                    ? since(file).contains("\tDONE\t")
                    : !since(file).isEmpty();
            if (!moved) {
                return file.toString();
            }
        }
        return null;
    }

    /** Whether a call of this process has failed since, in one way or the other. */
    boolean hasFailed(Child writer) {
        return writer.records().anyMatch(file -> {
            String since = since(file);
            return since.contains("\tFAILED\t") || since.contains("\tUNKNOWN\t");
        });
    }

    private String since(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            int from = (int) Math.min(bytes.length, sizes.getOrDefault(file, 0L));
            return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static boolean isCalls(Path file) {
        return file.toString().endsWith(".calls");
    }
}
