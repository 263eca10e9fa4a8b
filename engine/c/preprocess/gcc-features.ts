// The results of __has_attribute and __has_builtin in gcc 12 for powerpc64le, for the names that kernel headers test.

const ATTRIBUTES = new Set(
  `access alias aligned alloc_align alloc_size altivec always_inline artificial assume_aligned cleanup cold common const
  constructor copy deprecated designated_init destructor error externally_visible fallthrough flatten format format_arg
  gcc_struct gnu_inline hot ifunc leaf longcall malloc may_alias maybe_unused mode ms_struct no_address_safety_analysis no_icf
  no_instrument_function no_profile_instrument_function no_reorder no_sanitize no_sanitize_address no_sanitize_coverage
  no_sanitize_thread no_sanitize_undefined no_split_stack no_stack_limit no_stack_protector nocf_check noclone nocommon nodiscard
  noinit noinline noipa nonnull nonstring noplt noreturn nothrow optimize packed patchable_function_entry persistent pure retain
  returns_nonnull returns_twice scalar_storage_order section sentinel shortcall simd stack_protect symver tainted_args target
  target_clones tls_model transaction_safe transparent_union unavailable uninitialized unused used vector_size visibility volatile
  warn_if_not_aligned warn_unused warn_unused_result warning weak weakref zero_call_used_regs`.split(/\s+/),
);

const BUILTINS = new Set(
  `abs add_overflow add_overflow_p alloca alloca_with_align assume_aligned bswap16 bswap32 bswap64 choose_expr classify_type clrsb
  clrsbl clrsbll clz clzl clzll complex constant_p ctz ctzl ctzll dynamic_object_size expect expect_with_probability
  extract_return_addr ffs ffsl ffsll frame_address has_attribute isalnum isalpha isdigit islower isprint isspace isupper isxdigit
  labs llabs malloc memchr memcmp memcpy memmove memset mul_overflow mul_overflow_p object_size offsetof parity parityl parityll
  popcount popcountl popcountll prefetch printf putchar puts return_address shuffle snprintf sprintf sscanf stpcpy strcat strchr
  strcmp strcpy strcspn strlen strncat strncmp strncpy strnlen strpbrk strrchr strspn strstr sub_overflow sub_overflow_p
  tgmath tolower toupper trap types_compatible_p unreachable va_arg va_copy va_end va_start vprintf vsnprintf vsprintf`.split(/\s+/),
);

/** `name`: with or without the underscores around it. */
export function knownAttribute(name: string): boolean {
  return ATTRIBUTES.has(/^__(.+)__$/.exec(name)?.[1] ?? name);
}

/** The version of a standard attribute, as __has_c_attribute returns it. */
export function standardAttribute(name: string): string {
  const bare = /^__(.+)__$/.exec(name)?.[1] ?? name;
  if (bare === "nodiscard") return "202003";
  return bare === "deprecated" || bare === "fallthrough" || bare === "maybe_unused" ? "201904" : "0";
}

export function knownBuiltin(name: string): boolean {
  if (/^__(?:sync|atomic)_[a-z_]+(?:_[0-9]+)?$/.test(name)) return true;
  // The plain name of a library function is a builtin too, unless it exists only with the prefix.
  return BUILTINS.has(
    /^__builtin_(.+)$/.exec(name)?.[1] ?? (/^(?:abs|labs|llabs|alloca|malloc|mem|str|is|to|print|put|s?n?print|sscan|vs?n?print)/.test(name) ? name : ""),
  );
}
