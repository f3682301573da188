"""The first canned replies; from then on they are the staff's own."""

from typing import Any

from django.db import migrations

#: Title, French, Arabic, Darija; "…" is to be filled in.
REPLIES = [
    (
        "Bien reçu",
        "Bonjour, nous avons bien reçu votre demande. Nous regardons, et nous vous répondons ici.",
        "السلام عليكم، وصلنا طلبكم. نحن ننظر فيه، وسنجيبكم هنا.",
        "السلام عليكم، وصلنا الطلب ديالكم. راه كنشوفو فيه، وغادي نجاوبوكم هنا.",
    ),
    (
        "Il manque un détail",
        "Pour bien vous répondre, il nous manque un détail : … Pouvez-vous nous l'écrire ici ?",
        "لكي نجيبكم جوابا دقيقا، نحتاج إلى معلومة واحدة: … هل يمكنكم كتابتها هنا؟",
        "باش نجاوبوكم مزيان، خاصنا غير معلومة وحدة: … واش تقدرو تكتبوها لينا هنا؟",
    ),
    (
        "Le bureau où aller",
        "Pour cela, voici le bureau où aller : … Si quelque chose vous bloque sur place, écrivez-nous ici.",
        "لهذا الغرض، هذا هو المكتب الذي تتوجهون إليه: … إذا واجهتم صعوبة هناك، فاكتبوا لنا هنا.",
        "على هاد الشي، هادا هو المكتب اللي تمشيو ليه: … إلا كان شي مشكل تما، كتبو لينا هنا.",
    ),
    (
        "Nous ne savons pas",
        "Nous ne connaissons pas la réponse à cette question, et nous préférons vous le dire. Vous pouvez demander à : …",
        "لا نعرف الجواب عن هذا السؤال، ونفضل أن نقول لكم ذلك بصراحة. يمكنكم أن تسألوا: …",
        "هاد السؤال ماعندناش ليه الجواب، وحسن نقولوها ليكم بصراحة. تقدرو تسولو: …",
    ),
    (
        "Pardon pour l'attente",
        "Nous vous avons fait attendre, et nous nous en excusons. Nous nous occupons de votre demande maintenant.",
        "نعتذر لكم عن طول الانتظار. نحن نهتم بطلبكم الآن.",
        "سمحو لينا حيت تعطلنا عليكم. دابا راه حنا مع الطلب ديالكم.",
    ),
    (
        "Merci et au revoir",
        "Merci de nous avoir écrit. Nous fermons votre demande : Dalil répond de nouveau à vos questions ici. "
        "Si vous avez encore besoin d'une personne, demandez-la-lui.",
        "شكرا لكم على تواصلكم معنا. نغلق طلبكم الآن، ودليل يجيب من جديد عن أسئلتكم هنا. إذا احتجتم إلى شخص مرة أخرى، فاطلبوا ذلك منه.",
        "شكرا حيت كتبتو لينا. دابا غادي نسدو الطلب ديالكم، ودليل غادي يرجع يجاوبكم هنا. إلا بغيتو تهضرو مع شي واحد مرة خرى، قولوها ليه.",
    ),
]


def add(apps: Any, _editor: Any) -> None:
    replies = apps.get_model("desk", "CannedReply")
    for order, (title, fr, ar, ary) in enumerate(REPLIES, 1):
        replies.objects.create(title=title, fr=fr, ar=ar, ary=ary, order=10 * order)


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
