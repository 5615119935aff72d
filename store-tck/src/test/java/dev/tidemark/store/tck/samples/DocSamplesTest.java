package dev.tidemark.store.tck.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every sample of Java in the README and the docs is part of a source that is compiled, line breaks and indentation aside: of a
 * file in a package {@code samples} or {@code suites} of the tests, or of one that ships.
 */
class DocSamplesTest {
    private static final Path ROOT = Path.of("..");

    private record Sample(Path document, int line, String code) {}

    @TestFactory
    Stream<DynamicTest> aSampleIsCompiled() throws IOException {
        List<String> sources = sources();
        List<Sample> samples = new ArrayList<>();
        for (Path document : documents()) {
            samples.addAll(samples(document));
        }
        assertThat(samples).as("samples in the docs").hasSizeGreaterThan(10);
        return samples.stream()
                .map(sample -> dynamicTest(
                        sample.document.getFileName() + ", line " + sample.line, () -> assertIsIn(sources, sample)));
    }

    private static void assertIsIn(List<String> sources, Sample sample) {
        String code = withoutSpace(sample.code);
        assertThat(sources.stream().anyMatch(source -> source.contains(code)))
                .as("a compiled source holds:%n%s", sample.code)
                .isTrue();
    }

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>();
        for (Path folder : List.of(ROOT, ROOT.resolve("docs"))) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
            }
        }
        return documents;
    }

    private static List<Sample> samples(Path document) throws IOException {
        List<Sample> samples = new ArrayList<>();
        List<String> lines = Files.readAllLines(document);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).strip().equals("```java")) {
                int end = i + 1;
                while (!lines.get(end).strip().equals("```")) {
                    end++;
                }
                samples.add(new Sample(document, i + 1, String.join("\n", lines.subList(i + 1, end))));
                i = end;
            }
        }
        return samples;
    }

    private static List<String> sources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(DocSamplesTest::isSource)
                    .map(DocSamplesTest::read)
                    .toList();
        }
    }

    private static boolean isSource(Path file) {
        String path = file.toString().replace('\\', '/');
        return path.endsWith(".java")
                && (path.contains("/src/main/java/") || path.matches(".*/src/test/java/.*/(samples|suites)/[^/]+"));
    }

    private static String read(Path file) {
        try {
            return withoutSpace(Files.readString(file));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String withoutSpace(String code) {
        return code.replaceAll("\\s+", "");
    }
}
