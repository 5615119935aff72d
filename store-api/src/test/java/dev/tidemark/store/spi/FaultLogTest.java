package dev.tidemark.store.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FaultLogTest {
    private final List<String> lines = new ArrayList<>();
    private final FaultLog faults = new FaultLog(new Recorder(), "it can't go on", "it goes on");

    @Test
    void aFaultIsToldWhenItBeginsChangesAndEnds() {
        faults.worked();
        faults.failed(new IllegalStateException("'down'"));
        faults.failed(new IllegalStateException("'down'"));
        faults.failed(new IllegalStateException("starting {0}"));
        faults.worked();
        faults.worked();
        faults.failed(new IllegalStateException("starting {0}"));
        assertThat(lines)
                .containsExactly(
                        "WARNING it can't go on: 'down'",
                        "DEBUG it can't go on: 'down'",
                        "WARNING it can't go on: starting {0}",
                        "INFO it goes on",
                        "WARNING it can't go on: starting {0}");
    }

    private final class Recorder implements System.Logger {
        @Override
        public String getName() {
            return "recorder";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String message, @Nullable Throwable thrown) {
            lines.add(level + " " + message);
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String format, Object @Nullable ... values) {
            lines.add(level + " " + (values == null ? format : MessageFormat.format(format, values)));
        }
    }
}
