package dev.holdfast.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Limits on the sizes of files, methods and constructors, so that each can be read at a sitting.
 */
class SizesTest {
  private static final int FILE_LINES_MAX = 450;
  private static final int METHOD_LINES_MAX = 60;
  private static final int CONSTRUCTOR_PARAMETERS_MAX = 6;
  private static final int STORE_METHODS_MAX = 35;
  private static final int HOLDFAST_LINES_MAX = 400;

  /** The modules whose files are limited; those for tests list scenes and chapters. */
  private static final List<String> PRODUCT =
      List.of(
          "core",
          "jdbc",
          "sqlite",
          "postgres",
          "config",
          "handlers",
          "http",
          "otel",
          "micrometer",
          "spring",
          "spring-boot",
          "server",
          "cli");

  private static final List<String> FOR_TESTS =
      List.of("test", "testkit", "torture", "benchmarks", "examples", "examples-spring");

  private static List<Path> sources(List<String> modules) {
    return modules.stream()
        .flatMap(module -> Repository.files(module + "/src/main/java", ".java").stream())
        .filter(source -> !source.endsWith("module-info.java"))
        .toList();
  }

  private static long lines(Path source) {
    return Repository.read(source).lines().count();
  }

  @Test
  void a_file_of_the_product_has_at_most_450_lines() {
    assertThat(sources(PRODUCT))
        .filteredOn(source -> lines(source) > FILE_LINES_MAX)
        .as("split them: a class that is long does more than one thing")
        .isEmpty();
  }

  @Test
  void the_entry_to_the_API_has_at_most_400_lines() {
    assertThat(lines(Repository.file("core/src/main/java/dev/holdfast/Holdfast.java")))
        .isLessThanOrEqualTo(HOLDFAST_LINES_MAX);
  }

  @Test
  void a_method_has_at_most_60_lines() {
    List<Path> all =
        Stream.of(PRODUCT, FOR_TESTS).flatMap(modules -> sources(modules).stream()).toList();

    assertThat(methods(all))
        .filteredOn(method -> method.lines > METHOD_LINES_MAX)
        .extracting(Method::toString)
        .as("split them: a method tells its story in steps that have names")
        .isEmpty();
  }

  /** The components of a record are named where they are read; those of a class are not. */
  @Test
  void a_constructor_of_core_has_at_most_6_parameters_unless_it_is_that_of_a_record() {
    assertThat(methods(sources(List.of("core"))))
        .filteredOn(
            method -> method.isClassConstructor && method.parameters > CONSTRUCTOR_PARAMETERS_MAX)
        .extracting(Method::toString)
        .as("what belongs together is one value, and callbacks are one listener")
        .isEmpty();
  }

  @Test
  void the_store_has_at_most_35_methods() {
    Path store = Repository.files("core/src/main/java", "JobStore.java").get(0);

    assertThat(methods(List.of(store)))
        .filteredOn(method -> method.type.equals("JobStore"))
        .extracting(Method::name)
        .as("an operation on anything but jobs belongs to one of the interfaces beside the store")
        .hasSizeLessThanOrEqualTo(STORE_METHODS_MAX);
  }

  /** A method as it stands in a source. */
  private record Method(
      String file,
      String type,
      String name,
      long lines,
      int parameters,
      boolean isClassConstructor) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%s %s: %d lines, %d parameters", file, name, lines, parameters);
    }
  }

  private static List<Method> methods(List<Path> sources) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  null,
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjectsFromPaths(sources));
      Collector collector = new Collector(Trees.instance(task).getSourcePositions());
      for (CompilationUnitTree unit : task.parse()) {
        collector.scan(unit, null);
      }
      return collector.found;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static final class Collector extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final SourcePositions positions;
    private final List<Method> found = new ArrayList<>();

    private Collector(SourcePositions positions) {
      this.positions = positions;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void none) {
      CompilationUnitTree unit = getCurrentPath().getCompilationUnit();
      LineMap map = unit.getLineMap();
      long first = map.getLineNumber(positions.getStartPosition(unit, method));
      long last = map.getLineNumber(positions.getEndPosition(unit, method));
      ClassTree owner = (ClassTree) getCurrentPath().getParentPath().getLeaf();
      boolean isConstructor = method.getReturnType() == null;
      found.add(
          new Method(
              unit.getSourceFile().getName().replaceFirst(".*/", ""),
              owner.getSimpleName().toString(),
              isConstructor ? owner.getSimpleName().toString() : method.getName().toString(),
              last - first + 1,
              method.getParameters().size(),
              isConstructor && owner.getKind() != Tree.Kind.RECORD));
      return super.visitMethod(method, null);
    }
  }
}
