using Microsoft.Playwright;
using Modular.Testing;

namespace Modular.Browser.Tests;

/// <summary>A page as eyes and thumbs meet it, in each colour scheme and on each kind of device.</summary>
internal static class Looks
{
    private const int PhoneWidth = 360;
    private static readonly PageViewportSizeResult Phone = new() { Width = PhoneWidth, Height = 740 };

    /// <param name="device">A phone or a desktop.</param>
    public static void Hold(BrowserNewContextOptions options, string device)
    {
        options.ReducedMotion = ReducedMotion.Reduce; // a colour on its way is neither the one nor the other
        if (device != "phone")
            return;
        (options.ViewportSize, options.DeviceScaleFactor) = (new() { Width = Phone.Width, Height = Phone.Height }, 2);
        (options.IsMobile, options.HasTouch) = (true, true);
    }

    /// <summary>By light and in the dark, as the page is held now.</summary>
    public static async Task LooksWellAsync(this Person person, string device, string what, bool whole = false)
    {
        foreach (var scheme in new[] { ColorScheme.Dark, ColorScheme.Light })
        {
            await person.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await Eventually.Is(async () => scheme == ColorScheme.Dark == (await person.Page.EvaluateAsync<double>(Eyes.Brightness) < 0.2), what: $"{what} is {scheme}");
            await person.PictureAsync($"{device} {scheme.ToString().ToLowerInvariant()}, {what}", whole);
            await (scheme == ColorScheme.Light ? Eyes.FindNothingWrongAsync(person.Page) : Eyes.FindNothingHardToReadAsync(person.Page));
        }
    }

    /// <summary>Held as a phone, where nothing overflows and a thumb hits everything, and then as wide as a desktop.</summary>
    public static async Task LooksWellEverywhereAsync(this Person person, string what)
    {
        await person.LooksWellAsync("phone", what, whole: true);
        Assert.True(await person.Page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= PhoneWidth, $"{what} is wider than the phone.");
        Eyes.Nothing(await person.Page.EvaluateAsync<string[]>(Eyes.SmallTargets));
        await person.Page.SetViewportSizeAsync(1280, 800);
        await person.Page.EvaluateAsync("scrollTo(0, 0)");
        await person.PictureAsync($"desktop light, {what}", whole: true);
        await Eyes.FindNothingHardToReadAsync(person.Page);
        await person.Page.SetViewportSizeAsync(Phone.Width, Phone.Height);
    }
}
