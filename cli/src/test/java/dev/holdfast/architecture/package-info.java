/** Rules for the whole repository: classes, sources and documents. */
@NullMarked
package dev.holdfast.architecture;

import org.jspecify.annotations.NullMarked;
