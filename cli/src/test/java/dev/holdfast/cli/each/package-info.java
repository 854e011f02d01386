@NullMarked
package dev.holdfast.cli.each;

import org.jspecify.annotations.NullMarked;
