/** What holds for the whole repository, its classes, sources and documents alike. */
@NullMarked
package dev.holdfast.architecture;

import org.jspecify.annotations.NullMarked;
