package dev.holdfast.architecture;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * The baseline of the public API: for each library a jar of what callers can name, without code.
 * {@code mvn verify} compares each library with it and fails on an incompatible change.
 *
 * <p>This test writes the baseline when a change is accepted, and otherwise sees to it that nothing
 * is left out of it. The same API gives the same bytes, whatever its code does.
 */
class ApiBaselineTest {
  /** Libraries for programs; the other modules are programs, or parts that only they use. */
  private static final List<String> LIBRARIES =
      List.of(
          "core",
          "jdbc",
          "test",
          "handlers",
          "otel",
          "micrometer",
          "spring",
          "spring-boot",
          "http");

  /** The time of every entry; without one, equal contents would give different jars. */
  private static final LocalDateTime WRITTEN = LocalDateTime.of(1980, 1, 1, 0, 0);

  private static final String HOW =
      "packages in %s; to accept the API as it is: mvn test -pl cli -am -Dtest=ApiBaselineTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dapi.accept=true";

  @Test
  void covers_every_package_that_a_library_exports_to_all() throws IOException {
    for (String library : LIBRARIES) {
      Path baseline = Repository.file(library + "/src/api/baseline.jar");
      Map<String, byte[]> api = api(library);
      if (Boolean.getBoolean("api.accept")) {
        write(baseline, api);
      }
      assertThat(baseline).as(HOW, Repository.name(baseline)).exists();
      assertThat(packages(entries(baseline)))
          .as(HOW, Repository.name(baseline))
          .isEqualTo(packages(api.keySet()));
    }
  }

  private static Set<String> packages(Set<String> classes) {
    return classes.stream()
        .map(name -> name.substring(0, name.lastIndexOf('/')))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> entries(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return zip.stream().map(ZipEntry::getName).collect(Collectors.toSet());
    }
  }

  /** Writes the jar, uncompressed: what the repository's history adds is then the difference. */
  private static void write(Path jar, Map<String, byte[]> classes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setLevel(Deflater.NO_COMPRESSION);
      for (Map.Entry<String, byte[]> type : classes.entrySet()) {
        ZipEntry entry = new ZipEntry(type.getKey());
        entry.setTimeLocal(WRITTEN);
        zip.putNextEntry(entry);
        zip.write(type.getValue());
      }
    }
    Files.createDirectories(jar.getParent());
    Files.write(jar, bytes.toByteArray());
  }

  /** Returns the files of a library's API, each without code. */
  private static Map<String, byte[]> api(String library) throws IOException {
    Map<String, ClassReader> all = classes(Repository.file(library + "/target/classes"));
    Map<String, byte[]> api = new TreeMap<>();
    for (String name : visible(all, exported(library))) {
      ClassWriter writer = new ClassWriter(0);
      requireNonNull(all.get(name))
          .accept(
              new WithoutCode(name, writer),
              ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
      api.put(name + ".class", writer.toByteArray());
    }
    return api;
  }

  /** Returns the packages that everyone can use; empty, which means all, without a module. */
  private static Optional<Set<String>> exported(String library) {
    return ModuleFinder.of(Repository.file(library + "/target/classes")).findAll().stream()
        .map(ModuleReference::descriptor)
        .findFirst()
        .map(
            module ->
                module.exports().stream()
                    .filter(export -> !export.isQualified())
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toSet()));
  }

  private static Map<String, ClassReader> classes(Path folder) throws IOException {
    Map<String, ClassReader> classes = new HashMap<>();
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.filter(file -> file.toString().endsWith(".class")).toList();
    }
    for (Path file : files) {
      ClassReader type = new ClassReader(Files.readAllBytes(file));
      classes.put(type.getClassName(), type);
    }
    return classes;
  }

  /** Returns the types that callers can name, and the hidden ones from which these inherit. */
  private static Set<String> visible(Map<String, ClassReader> all, Optional<Set<String>> packages) {
    Deque<String> open = new ArrayDeque<>();
    all.keySet().stream()
        .filter(name -> isPublic(all, name))
        .filter(name -> packages.isEmpty() || packages.get().contains(packageOf(name)))
        .forEach(open::add);
    Set<String> visible = new TreeSet<>();
    while (!open.isEmpty()) {
      String name = open.remove();
      @Nullable ClassReader type = all.get(name);
      if (type != null && visible.add(name)) {
        open.addAll(supertypes(type));
      }
    }
    return visible;
  }

  /** Returns whether a type and those that enclose it are public, or protected. */
  private static boolean isPublic(Map<String, ClassReader> all, String name) {
    @Nullable ClassReader type = all.get(name);
    if (type == null || (type.getAccess() & Opcodes.ACC_PUBLIC) == 0) {
      return false;
    }
    int nested = name.lastIndexOf('$');
    return nested < 0 || isPublic(all, name.substring(0, nested));
  }

  private static String packageOf(String name) {
    return name.substring(0, name.lastIndexOf('/')).replace('/', '.');
  }

  private static List<String> supertypes(ClassReader type) {
    List<String> supertypes = new ArrayList<>(List.of(type.getInterfaces()));
    @Nullable String parent = type.getSuperName();
    if (parent != null) {
      supertypes.add(parent);
    }
    return supertypes;
  }

  /** Leaves out what callers cannot name, and with it all that depends on code. */
  private static final class WithoutCode extends ClassVisitor {
    private final String type;

    /** Entries that the compiler writes in any order, sorted by their names. */
    private final Map<String, Runnable> atEnd = new TreeMap<>();

    private WithoutCode(String type, ClassVisitor next) {
      super(Opcodes.ASM9, next);
      this.type = type;
    }

    private static boolean isNamed(int access) {
      return (access & (Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED)) != 0
          && (access & Opcodes.ACC_SYNTHETIC) == 0;
    }

    @Override
    public void visitNestHost(String host) {}

    @Override
    public void visitNestMember(String member) {}

    @Override
    public void visitOuterClass(String owner, @Nullable String name, @Nullable String descriptor) {}

    @Override
    public void visitPermittedSubclass(String subclass) {
      atEnd.put("permits " + subclass, () -> super.visitPermittedSubclass(subclass));
    }

    /** Keeps the type's own place and its members; code adds all nested types that it uses. */
    @Override
    public void visitInnerClass(
        String name, @Nullable String outer, @Nullable String inner, int access) {
      if (isNamed(access) && (name.equals(type) || type.equals(outer))) {
        atEnd.put("member " + name, () -> super.visitInnerClass(name, outer, inner, access));
      }
    }

    @Override
    public void visitEnd() {
      atEnd.values().forEach(Runnable::run);
      super.visitEnd();
    }

    @Override
    public @Nullable FieldVisitor visitField(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        @Nullable Object value) {
      return isNamed(access) ? super.visitField(access, name, descriptor, signature, value) : null;
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      return isNamed(access)
          ? super.visitMethod(access, name, descriptor, signature, exceptions)
          : null;
    }
  }
}
