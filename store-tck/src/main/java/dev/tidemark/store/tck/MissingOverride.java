package dev.tidemark.store.tck;

/** A suite neither says how to bring something about, nor that its backend has no such thing. */
final class MissingOverride extends AssertionError {
    private static final long serialVersionUID = 1;

    MissingOverride(String method, Capability capability) {
        super("override " + method + ", or declare @Lacks(value = Capability." + capability
                + ", because = …) on the suite");
    }
}
