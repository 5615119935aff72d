package dev.tidemark.store.tck.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The worked example of docs/events.md does what the page says, also for somebody who has nothing but the page. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class OrderExampleTest {
    private static final Path PAGE = Path.of("..", "docs", "events.md");

    /** What runs the example; the output that the program prints is what the page shows. */
    private interface Program {
        void run(String... arguments) throws Exception;
    }

    @Test
    void itPrintsWhatThePageSaysInMemory() throws Exception {
        assertThat(output(OrderExample::main)).isEqualTo(expected());
        assertThat(output(OrderExample::main, "memory:")).isEqualTo(expected());
    }

    @Test
    void itGoesOnWhereItWasInAFile(@TempDir Path folder) throws Exception {
        String uri = "sqlite:" + folder.resolve("orders.db");
        assertThat(output(OrderExample::main, uri)).isEqualTo(expected());
        assertThat(output(OrderExample::main, uri).lines().skip(3))
                .as("a second run")
                .containsExactly(
                        "sold: tea Sales[pieces=3, cents=1350]",
                        "sold: cup Sales[pieces=2, cents=2400]",
                        "sold: tea Sales[pieces=4, cents=1800]");
    }

    @Test
    void aFreshProgramMadeOfThePageCompilesAndRuns(@TempDir Path folder) throws Exception {
        compile(program(), folder);
        URL[] classes = {folder.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(classes, getClass().getClassLoader())) {
            var main = loader.loadClass("orders.Example").getMethod("main", String[].class);
            assertThat(output(arguments -> main.invoke(null, (Object) arguments)))
                    .isEqualTo(expected());
        }
    }

    /** The page's samples in a class of their own, with no more than the imports that the page names. */
    private static String program() throws IOException {
        StringBuilder program = new StringBuilder("package orders;\n");
        String imports = fences("text").get(0);
        imports.lines()
                .forEach(line -> program.append("import ").append(line.strip()).append(";\n"));
        program.append("public final class Example {\nprivate Example() {}\n");
        fences("java").forEach(program::append);
        return program.append("}\n").toString();
    }

    private static String expected() throws IOException {
        return fences("text").get(2);
    }

    /** What is fenced in the part of the page about the example. */
    private static List<String> fences(String language) throws IOException {
        String page = Files.readString(PAGE);
        int start = page.indexOf("## A worked example\n");
        assertThat(start).as("the start of the example").isNotNegative();
        String part = page.substring(start, page.indexOf("\n## ", start + 1));
        List<String> fences = new ArrayList<>();
        String opening = "```" + language + "\n";
        for (int at = part.indexOf(opening); at >= 0; at = part.indexOf(opening, at)) {
            int end = part.indexOf("```", at + opening.length());
            fences.add(part.substring(at + opening.length(), end));
            at = end;
        }
        return fences;
    }

    private static void compile(String program, Path folder) throws IOException {
        Path source = Files.writeString(folder.resolve("Example.java"), program);
        Path module = Files.writeString(
                folder.resolve("module-info.java"), fences("text").get(1));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(problems, null, StandardCharsets.UTF_8)) {
            String path = System.getProperty("java.class.path");
            List<String> options = List.of("-d", folder.toString(), "--module-path", path);
            boolean compiled = compiler.getTask(
                            null, files, problems, options, null, files.getJavaFileObjects(source, module))
                    .call();
            assertThat(problems.getDiagnostics()).isEmpty();
            assertThat(compiled).isTrue();
        }
    }

    private static String output(Program program, String... arguments) throws Exception {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            program.run(arguments);
        } finally {
            System.setOut(console);
        }
        return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
