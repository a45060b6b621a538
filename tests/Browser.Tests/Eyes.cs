using Microsoft.Playwright;

namespace Modular.Browser.Tests;

/// <summary>What a program can see of a page's look.</summary>
internal static class Eyes
{
    /// <summary>How bright the page behind everything is, 0 to 1.</summary>
    public const string Brightness = """
        () => {
          const [r, g, b] = getComputedStyle(document.documentElement).backgroundColor.match(/[\d.]+/g).map(Number);
          return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
        }
        """;

    /// <summary>
    /// Names of controls that a thumb misses: 44 px wide and high is what must belong to each, and not what is drawn.
    /// Looks at what a touch would hit 21 px to each side of the middle. Under an open dialog, only the dialog's.
    /// </summary>
    public const string SmallTargets = """
        () => {
          const scope = document.querySelector('dialog[open]') ?? document;
          const missed = [];
          for (const it of scope.querySelectorAll('button, a, summary, input, textarea')) {
            const target = it.closest('label') ?? it;
            if (!target.checkVisibility() || it.disabled || it.matches('.skip')) continue;
            target.scrollIntoView({ block: 'center', behavior: 'instant' });
            const { left, top, width, height } = target.getBoundingClientRect();
            const [x, y] = [left + width / 2, top + height / 2];
            const sides = [[21, 0], [-21, 0], [0, 21], [0, -21]];
            const hit = ([dx, dy]) => target.contains(document.elementFromPoint(x + dx, y + dy));
            if (!sides.every(hit)) missed.push(`${it.ariaLabel ?? (it.textContent || it.name)} (${width} x ${height})`);
          }
          return missed;
        }
        """;

    private const string Run = """
        async (rules) => (await axe.run(rules.length ? { runOnly: rules } : {})).violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((n) => `${n.html} ${n.any[0]?.message ?? ''}`).join(' | ')}`)
        """;

    /// <summary>Fails with what axe-core finds wrong, contrast included.</summary>
    public static Task FindNothingWrongAsync(IPage page) => RunAsync(page);

    /// <summary>Fails with what cannot be read: of what axe-core looks for, all that another colour scheme or width may change.</summary>
    public static Task FindNothingHardToReadAsync(IPage page) => RunAsync(page, "color-contrast");

    /// <summary>Fails with what is there, in full.</summary>
    public static void Nothing(IReadOnlyCollection<string> found) => Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));

    private static async Task RunAsync(IPage page, params string[] rules)
    {
        // Not as a script element: the page's policy rightly refuses that.
        if (!await page.EvaluateAsync<bool>("'axe' in window"))
            await page.EvaluateAsync(Places.Axe);
        Nothing(await page.EvaluateAsync<string[]>(Run, rules));
    }
}
