package io.kvd.simulator.mutant;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Makes mutants in memory: patches the text of the files that a mutant changes, and compiles those alone against the
 * classes that were built. Nothing is written.
 */
final class MutantCompiler {
    /** What a mutant looks like is no concern of ours: no warnings, no processors, no house rules. */
    private static final List<String> OPTIONS = List.of(
            "-proc:none",
            "-nowarn",
            "-Xlint:none",
            "-classpath",
            System.getProperty("java.class.path"));

    private final Path root;
    private final JavaCompiler javac = ToolProvider.getSystemJavaCompiler();

    /** @param root what the mutants' paths are relative to */
    MutantCompiler(Path root) {
        this.root = root;
    }

    /**
     * The classes that the mutant changes, by name.
     *
     * @throws IllegalArgumentException naming the mutant, if its patch does not apply or does not compile
     */
    Map<String, byte[]> compile(Mutant mutant) {
        List<Source> sources = new ArrayList<>();
        patched(mutant).forEach((file, text) -> sources.add(new Source(file, text)));
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        StandardJavaFileManager files =
                javac.getStandardFileManager(diagnostics, Locale.ROOT, null);
        Memory memory = new Memory(files);
        boolean compiles =
                javac.getTask(null, memory, diagnostics, OPTIONS, null, sources).call();
        if (!compiles) {
            throw new IllegalArgumentException("mutant %s does not compile: %s"
                    .formatted(mutant, diagnostics.getDiagnostics()));
        }
        return memory.classes();
    }

    /**
     * The text of each file that the mutant changes.
     *
     * @throws IllegalArgumentException naming the mutant, if its patch does not apply
     */
    Map<String, String> patched(Mutant mutant) {
        Map<String, String> files = new TreeMap<>();
        for (Hunk hunk : mutant.hunks()) {
            String before =
                    files.computeIfAbsent(hunk.file(), file -> Mutants.read(root.resolve(file)));
            try {
                files.put(hunk.file(), hunk.applyTo(before));
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException(
                        "mutant %s does not apply: %s".formatted(mutant, wrong.getMessage()),
                        wrong);
            }
        }
        return files;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        private Source(String file, String text) {
            super(URI.create("mutant:///" + file), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> written = new TreeMap<>();

        private Memory(JavaFileManager files) {
            super(files);
        }

        private Map<String, byte[]> classes() {
            Map<String, byte[]> classes = new TreeMap<>();
            written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
            return classes;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("mutant:///" + name), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    written.put(name, bytes);
                    return bytes;
                }
            };
        }
    }
}
