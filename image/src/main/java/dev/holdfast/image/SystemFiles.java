package dev.holdfast.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Files that programs expect of a Linux: a shell, libraries of this machine, names of users. */
final class SystemFiles {
  private static final Path SHELL = Path.of("/bin/sh");
  private static final Pattern MISSING = Pattern.compile("(\\S+) => not found");
  private static final Pattern LIBRARY =
      Pattern.compile("^\\s*(?:\\S+ => )?(/\\S+) \\(0x[0-9a-f]+\\)$", Pattern.MULTILINE);

  /** The parts of the C library, of which what the program brings along needs some. */
  private static final Pattern PART_OF_C =
      Pattern.compile("lib(m|dl|pthread|rt|resolv|nss_dns|nss_files)\\.so\\.\\d");

  private SystemFiles() {}

  /**
   * Makes the layer.
   *
   * @param java the runtime whose libraries are needed
   * @param work a folder that does not exist yet
   */
  static FileEntriesLayer layer(Path java, Path work, Instant time) throws IOException {
    Layer layer = new Layer("system", time).file(SHELL.toRealPath(), SHELL.toString());
    for (Path library : libraries(java)) {
      layer.file(library.toRealPath(), library.toString());
    }
    Files.createDirectories(work);
    write(layer, work, "passwd", "root:x:0:0::/:/bin/sh\nholdfast:x:10001:10001::/data:/bin/sh\n");
    write(layer, work, "group", "root:x:0:\nholdfast:x:10001:\n");
    write(layer, work, "nsswitch.conf", "hosts: files dns\n");
    layer.folder(Files.createDirectories(work.resolve("tmp")), "/tmp", "777", "0:0");
    return layer.build();
  }

  private static void write(Layer layer, Path work, String name, String text) throws IOException {
    layer.file(Files.writeString(work.resolve(name), text), "/etc/" + name);
  }

  /** Returns the libraries that the shell and the runtime load, by the names that they load. */
  private static Set<Path> libraries(Path java) throws IOException {
    List<Path> files = filesOf(java);
    Set<String> own = files.stream().map(SystemFiles::name).collect(Collectors.toSet());
    Set<Path> found = new TreeSet<>(librariesOf(SHELL, own));
    for (Path file : files) {
      if (Files.isExecutable(file) || name(file).endsWith(".so")) {
        found.addAll(librariesOf(file, own));
      }
    }
    found.removeIf(library -> library.startsWith(java));
    for (Path library : List.copyOf(found)) {
      if (name(library).startsWith("libc.so.")) {
        found.addAll(partsNextTo(library));
      }
    }
    return found;
  }

  private static List<Path> filesOf(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private static List<Path> partsNextTo(Path library) throws IOException {
    try (Stream<Path> neighbours = Files.list(library.getParent())) {
      return neighbours.filter(file -> PART_OF_C.matcher(name(file)).matches()).toList();
    }
  }

  /**
   * Returns what the loader of this machine finds for a file; nothing if it is no program.
   *
   * @param own names of libraries that the loader need not find
   */
  private static List<Path> librariesOf(Path file, Set<String> own) throws IOException {
    Process ldd =
        new ProcessBuilder("ldd", file.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(ldd.getInputStream().readAllBytes(), UTF_8);
    Matcher missing = MISSING.matcher(said);
    while (missing.find()) {
      if (!own.contains(missing.group(1))) {
        throw new IOException(
            "%s needs %s, which this machine does not have: install it and repeat"
                .formatted(file, missing.group(1)));
      }
    }
    return LIBRARY.matcher(said).results().map(library -> Path.of(library.group(1))).toList();
  }
}
