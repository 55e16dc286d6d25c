/* SPDX-License-Identifier: MIT */
/* Paths of configuration keys. See keys.h. */
#include "ndis/stack/keys.h"

static const WCHAR class_key[] = L"\\Registry\\Machine\\System\\CurrentControlSet\\Control\\Class\\"
                                 L"{4d36e972-e325-11ce-bfc1-08002be10318}";
static const WCHAR services_key[] = L"\\Registry\\Machine\\System\\CurrentControlSet\\Services";

static size_t
length_of(const WCHAR *text)
{
    size_t n = 0;

    while (text[n])
        n++;
    return n;
}

static void
put(WCHAR *key, const WCHAR *text, size_t length)
{
    size_t at = length_of(key);

    for (size_t i = 0; i < length && at < KEY_UNITS - 1; i++)
        key[at++] = text[i];
    key[at] = 0;
}

void
key_append(WCHAR *key, const WCHAR *name, size_t length)
{
    put(key, L"\\", 1);
    put(key, name, length);
}

void
key_of_adapter(const struct adapter *adapter, WCHAR *key)
{
    WCHAR digits[4];
    uint32_t id = adapter->id;

    for (int i = 3; i >= 0; i--, id /= 10)
        digits[i] = (WCHAR)('0' + id % 10);
    key[0] = 0;
    put(key, class_key, length_of(class_key));
    key_append(key, digits, 4);
}

void
key_of_service(const char *name, WCHAR *key)
{
    key[0] = 0;
    put(key, services_key, length_of(services_key));
    put(key, L"\\", 1);
    for (; *name; name++)
        put(key, &(WCHAR){(UCHAR)*name}, 1);
    key_append(key, L"Parameters", 10);
}

void
key_of_driver(const struct driver *driver, WCHAR *key)
{
    key_of_service(driver->name, key);
}

void
key_of_instance(const struct driver *driver, PCUNICODE_STRING adapter, WCHAR *key)
{
    size_t end = adapter->Length / sizeof(WCHAR), start = end;

    while (start > 0 && adapter->Buffer[start - 1] != '\\')
        start--;
    key_of_driver(driver, key);
    key_append(key, L"Adapters", 8);
    key_append(key, adapter->Buffer + start, end - start);
}

void
key_of_module(const struct module *module, WCHAR *key)
{
    key_of_instance(module->driver, &module->adapter->instance_name, key);
}
