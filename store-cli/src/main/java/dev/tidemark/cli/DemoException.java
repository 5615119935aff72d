package dev.tidemark.cli;

/** The store did not do what the demo claims. */
final class DemoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DemoException(String message) {
        super("the demo failed: " + message);
    }
}
